"""Where everything is: what is proven, a row a device and a place, and the exchange with a place."""
