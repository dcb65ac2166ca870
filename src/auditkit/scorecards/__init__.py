"""Quality reviews: scorecards as data, a random sample of tickets to review, forms out to reviewers and scores back.

``model`` reads scorecards, ``sampling`` draws the tickets, ``form`` writes a workbook per reviewer, and ``scores``
brings it back as rows of the canonical table ``reviews``.
"""
