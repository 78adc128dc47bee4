"""eStart, the children's centres' register of families."""
