"""What the compatibility tests share: processes, clients, participants, sockets, and the service's model."""
