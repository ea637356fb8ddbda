"""What tests stand on: real servers, real browsers, fixed keys."""
