"""Policy finds people: rules as data, evaluated for everybody at once, exact and three-valued.

    from jiamenkou.engines.policy.running import Request, run          # everybody, on DuckDB
    from jiamenkou.engines.policy.spark import run                     # everybody, on Spark
    from jiamenkou.engines.policy.explaining import explain            # one unit, from the files
    from jiamenkou.engines.policy.single import compile_household      # one household, SQL for PostgreSQL
    from jiamenkou.engines.policy.delta import run                     # what changed since an earlier run
    from jiamenkou.engines.policy.comparing import compare             # two runs side by side
    from jiamenkou.engines.policy.visiting import visits               # whom to visit first

The way of a policy: ``documents`` (YAML) → ``library`` (form) → ``syntax`` (grammar) → ``meaning`` and
``checking`` (names, types) → ``ground`` and ``verdicts`` (a plan of relations) → an engine → ``results``.
"""
