"""Pages run in kernels that Jupyter's own faults do not stop."""

from tests.jupyter_faults import no_jupyter_faults

__all__ = ["no_jupyter_faults"]
