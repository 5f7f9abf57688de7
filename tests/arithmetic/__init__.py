"""The arithmetic of other machines, in the code of torch and of NumPy."""
