"""What worker.py runs: durable workflows and the process around them. Only worker.py and commands
import it."""
