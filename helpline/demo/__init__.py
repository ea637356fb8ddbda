"""An invented helpline to look around in: invented people, loopback only, nothing that could be rung."""
