"""The control plane: worlds, clocks, people, faults and logs over HTTP, for programs that test an app."""
