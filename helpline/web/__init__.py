"""Flask plumbing: the only room of the helpline that knows what a request is."""
