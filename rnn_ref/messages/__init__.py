"""What can go wrong with recurrent networks, and what the messages of torch mean."""

from rnn_ref.messages.catalogue import Cause, Crash, Message, Silent, Wording, entries
from rnn_ref.messages.decoder import Reading, decode, nearest

__all__ = [
    "Cause",
    "Crash",
    "Message",
    "Reading",
    "Silent",
    "Wording",
    "decode",
    "entries",
    "nearest",
]
