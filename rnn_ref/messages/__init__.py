"""What can go wrong with recurrent networks, and what the messages of torch mean."""

from rnn_ref.messages.catalogue import Cause, Crash, Message, Page, Silent, Wording, entries, pages
from rnn_ref.messages.decoder import Reading, decode, nearest
from rnn_ref.messages.explanation import explain_error

__all__ = [
    "Cause",
    "Crash",
    "Message",
    "Page",
    "Reading",
    "Silent",
    "Wording",
    "decode",
    "entries",
    "explain_error",
    "nearest",
    "pages",
]
