"""Inside the wall: the processes of a run, and the layers that bound them."""
