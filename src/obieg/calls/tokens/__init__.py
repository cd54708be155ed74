"""KSeF tokens: asked for, followed until they work, listed as KSeF knows them, revoked."""
