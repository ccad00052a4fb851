"""What AWS is: how a Task names what does its work, and which integrations there are."""
