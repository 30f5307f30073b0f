"""What bench/run.py is made of: building kernels, finding engines, measuring, reporting."""
