"""The partner systems of an invented council, one module each: whom a system holds and how it writes them."""
