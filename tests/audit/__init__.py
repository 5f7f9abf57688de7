"""What a reader pays for each page and gets of it, as one table: `make audit`."""
