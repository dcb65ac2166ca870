"""Airflow 3: the monthly run as one task, and a single notebook by Airflow's own papermill operator.

Put this file into the folder of DAGs. ``monthly_audit`` calls the command that everything else calls, so a retry makes
only what is missing. ``audit_notebook`` follows the conventions of apache-airflow-providers-papermill (input_nb,
output_nb, parameters, all templated) for a notebook that somebody wants to look at; only ``auditkit run`` checks what
came of it and makes editions.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param

AUDITKIT = "/opt/auditkit/bin/auditkit"
WORKSPACE = "/srv/audit/acme"
START = pendulum.datetime(2026, 1, 1, tz="Europe/Helsinki")

with DAG(
    dag_id="monthly_audit",
    schedule="17 3 1-3 * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=30)},
) as monthly_audit:
    BashOperator(
        task_id="run",
        bash_command=f"{AUDITKIT} run --workspace {WORKSPACE}",
        execution_timeout=timedelta(hours=12),
    )

with DAG(
    dag_id="audit_notebook",
    schedule=None,
    start_date=START,
    catchup=False,
    params={"team": Param("", type="string"), "period": Param("", type="string")},
) as audit_notebook:
    PapermillOperator(
        task_id="notebook",
        input_nb=f"{WORKSPACE}/notebooks/team_report.ipynb",
        output_nb=f"{WORKSPACE}/.auditkit/airflow-" + "{{ run_id | replace(':', '-') }}.ipynb",
        parameters={"workspace": WORKSPACE, "team": "{{ params.team }}", "period": "{{ params.period }}"},
        kernel_name="python3",
        language_name="python",
    )
