"""The gate of a draft: what stands against it, and what an organisation has on file about that.

judging     what keeps the gate shut at a threshold, place by place
places      how a place is written
selection   which rules the gate looks at
decisions   deferrals and disagreements: `decisions.yaml`
baseline    what was there when the gate was put up
"""
