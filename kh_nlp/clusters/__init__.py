"""Similar tasks across plans: clusters with labels, kept and corrected by a person."""

from kh_nlp.clusters.clustering import THRESHOLD, cluster_tasks, cluster_units
from kh_nlp.clusters.gathering import gather, text_unit
from kh_nlp.clusters.keeping import keep, merge, rename, split
from kh_nlp.clusters.records import Cluster, Clusters, Count, Merge, SecondChoice, TaskUnit
from kh_nlp.clusters.remembering import known_clusters, remembered_clusters
from kh_nlp.clusters.selecting import plans_of, selected, speaking

__all__ = [
    "THRESHOLD",
    "Cluster",
    "Clusters",
    "Count",
    "Merge",
    "SecondChoice",
    "TaskUnit",
    "cluster_tasks",
    "cluster_units",
    "gather",
    "keep",
    "known_clusters",
    "merge",
    "plans_of",
    "remembered_clusters",
    "rename",
    "selected",
    "speaking",
    "split",
    "text_unit",
]
