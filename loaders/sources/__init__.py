"""One folder per source system. A source never imports another, and nothing central names one."""
