"""How schools compare: with each other, with schools like them, and with what their trust has chosen. Pure."""
