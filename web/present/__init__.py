"""From rows of the catalogue to the words and shapes the pages show.

Pure: nothing here asks the graph, reads a file or knows a request. It never says more than a source recorded.
"""
