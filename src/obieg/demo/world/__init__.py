"""An invented month of an accounting office's world: firms, invoices, and how they are posted."""
