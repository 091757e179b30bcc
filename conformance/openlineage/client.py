"""An unmodified OpenLineage client: it finds the server by OPENLINEAGE_URL and OPENLINEAGE_API_KEY."""

from datetime import datetime, timezone
from uuid import UUID

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import column_lineage_dataset, parent_run, symlinks_dataset

client = OpenLineageClient()
namespace = "postgres://warehouse:5432"
run = "01941f29-7c00-7087-8940-40e509060000"
parent = parent_run.ParentRunFacet(
    run=parent_run.Run(runId="01941f29-7c00-7087-8940-40e509060001"),
    job=parent_run.Job(namespace="airflow", name="nightly"),
)
raw = InputDataset(
    namespace=namespace,
    name="public.people",
    facets={
        "symlinks": symlinks_dataset.SymlinksDatasetFacet(
            identifiers=[symlinks_dataset.Identifier(namespace="s3://lake", name="people", type="TABLE")]
        )
    },
)
columns = column_lineage_dataset.ColumnLineageDatasetFacet(
    fields={
        "age": column_lineage_dataset.Fields(
            inputFields=[column_lineage_dataset.InputField(namespace=namespace, name="public.people", field="born")]
        )
    }
)
features = OutputDataset(namespace=namespace, name="public.features", facets={"columnLineage": columns})
for state in (RunState.START, RunState.COMPLETE):
    client.emit(
        RunEvent(
            eventType=state,
            eventTime=datetime.now(timezone.utc).isoformat(),
            run=Run(runId=run, facets={"parent": parent}),
            job=Job(namespace="airflow", name="nightly.features"),
            producer="https://example.com/pipeline",
            inputs=[raw],
            outputs=[features],
        )
    )
print("sent")
