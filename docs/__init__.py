"""The reference: pages written by hand, and pages made from the code and the documents when the site is built."""
