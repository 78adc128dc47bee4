"""The questions people ask of the graph, as `.cypher` files with a header, and the catalogue that runs them."""
