"""The citation network of a library: who rests on whom, and what that tells."""

from kh_nlp.network.basis_line import basis_line
from kh_nlp.network.building import Identities, build_network, identities, load_network
from kh_nlp.network.drawing import page
from kh_nlp.network.exporting import FORMATS, export, exported, imported, label, to_networkx
from kh_nlp.network.gaps import missing, orphans, stale
from kh_nlp.network.graph import Network
from kh_nlp.network.likeness import similar
from kh_nlp.network.ranking import GROUPS, MEASURES, score, top
from kh_nlp.network.records import (
    Alike,
    BasisLine,
    Chain,
    Edge,
    Group,
    LevelCount,
    Node,
    Orphan,
    Place,
    Ranked,
    Ranking,
    Reached,
    Replacement,
    Sentence,
    Similar,
    Stale,
    StaleAnswer,
    Step,
)
from kh_nlp.network.selecting import select
from kh_nlp.network.sentences import citing_sentences
from kh_nlp.network.walking import chain, cited_by, cites

__all__ = [
    "FORMATS",
    "GROUPS",
    "MEASURES",
    "Alike",
    "BasisLine",
    "Chain",
    "Edge",
    "Group",
    "Identities",
    "LevelCount",
    "Network",
    "Node",
    "Orphan",
    "Place",
    "Ranked",
    "Ranking",
    "Reached",
    "Replacement",
    "Sentence",
    "Similar",
    "Stale",
    "StaleAnswer",
    "Step",
    "basis_line",
    "build_network",
    "chain",
    "cited_by",
    "cites",
    "citing_sentences",
    "export",
    "exported",
    "identities",
    "imported",
    "label",
    "load_network",
    "missing",
    "orphans",
    "page",
    "score",
    "select",
    "similar",
    "stale",
    "to_networkx",
    "top",
]
