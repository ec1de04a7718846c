"""托管报名: a form in steps, handed in, checked, and the child's file that comes of it."""
