"""Pages of posting: the queue, the document, the lists of documents."""
