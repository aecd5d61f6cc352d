"""`make run`: a collector with its embedded database and an agent on this machine; says where to look.

Without --network no packet is sent to any neighbour: the agent reads the machine it runs on, and what its kernel's
neighbour table already holds. What was found is kept in var/run: the next run goes on with it.
"""

from __future__ import annotations

import argparse
import sys

from local import ROOT, Local, LocalError, made, stop_on_sigterm


def main() -> int:
    """Start both, print the link, wait for Ctrl-C."""
    parser = argparse.ArgumentParser(description="Run a collector and an agent on this machine.")
    parser.add_argument("--network", action="append", default=[], metavar="CIDR", help="also sweep this network")
    parser.add_argument("--agents-port", type=int, default=8443)
    parser.add_argument("--web-port", type=int, default=8444)
    chosen = parser.parse_args()
    stop_on_sigterm()
    local = Local(made(ROOT / "var" / "run"), chosen.agents_port, chosen.web_port)
    try:
        local.collector("init", "--trust", "My trust", "--school", "My school")
        local.start_collector()
        local.start_agent("agent", "My school", networks=chosen.network)
        print(_greeting(local, chosen.network), flush=True)
        local.wait()
    except LocalError as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        local.stop()
    return 0


def _greeting(local: Local, networks: list[str]) -> str:
    link = local.collector("link")
    swept = f"sweeping {', '.join(networks)}" if networks else "no network is named, so no packet goes to any neighbour"
    return f"""
Stocktake is running: a collector and an agent on this machine ({swept}).

  Sign in (once, within 15 minutes):  {link}
  Your browser will warn of a certificate it does not know: it is this collector's own.

  Another sign-in link:   .venv/bin/stocktake-collector --config {local.folder / "collector.toml"} link
  What the agent does:    .venv/bin/stocktake-agent --config {local.folder / "agent.toml"} status
  Logs:                   {local.folder}/*.log
  Sweep networks too:     make run NETWORKS="10.1.0.0/24"

Ctrl-C stops both; what was found is kept.
"""


if __name__ == "__main__":
    sys.exit(main())
