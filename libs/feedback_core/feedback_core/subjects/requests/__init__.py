"""What somebody asks for their own data: to be given all of it, or to have all of it erased."""
