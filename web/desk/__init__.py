"""The review desk: what a reader may compare and decide. Shows nothing itself."""
