"""python -m policy_eval"""

from policy_eval.cli import main

main()
