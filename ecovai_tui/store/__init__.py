"""What is on disk: settings, the watch list and the replica."""
