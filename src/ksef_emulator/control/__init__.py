"""The control interface under `/_emulator`, there only when asked for."""
