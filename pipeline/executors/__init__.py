"""One event as a job; many of them over processes of this machine or a Ray cluster."""
