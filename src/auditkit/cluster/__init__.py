"""A Dask cluster that is there already: reports, facts and figures on other machines."""
