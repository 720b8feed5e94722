"""How the model of ``kh_nlp.repairing`` is made; nothing here is needed to use it.

    python -m kh_nlp.repairing.training.pages ARTICLES.jsonl.gz --out PAIRS.tsv.gz --pages 240
    python -m kh_nlp.repairing.training.build ARTICLES.jsonl.gz PAIRS.tsv.gz

The first command renders pages of the legal code and reads them with ``tesseract -l eng``, which
gives pairs (word as printed, word as read). The second learns the channel from the pairs and the
language model from the articles, and writes ``kh_nlp/repairing/data/restoring.npz``. Needs Pillow,
tesseract and the fonts of Debian's ``fonts-liberation2`` and ``fonts-dejavu``.
"""
