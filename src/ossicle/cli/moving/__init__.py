"""What `cp` and `rm` are made of: tasks, found one by one while others run, and how they are told."""
