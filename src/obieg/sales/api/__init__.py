"""The REST API of sales: drafts in, numbers of KSeF and UPO out."""
