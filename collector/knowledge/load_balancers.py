"""Load balancers: F5 BIG-IP, Citrix NetScaler, A10, Kemp, Loadbalancer.org, HAProxy ALOHA, Array, Radware and others.

Model, serial and version of F5 (F5-BIGIP-SYSTEM-MIB), NetScaler (NS-ROOT-MIB), A10 (A10-AX-MIB), ALOHA; what their
descriptions tell of the rest. Virtual servers and pools are not read.
"""

from __future__ import annotations

from collector.products import LINUX, Product, ProductTable, Weights

PRODUCTS = ProductTable(
    "load_balancer", Weights(vote=110, maker=55, words=55, objects=70),
    Product("3375", "load balancer", "F5", r"^BIG-IP (?P<model>[\w ]+?)(?: :|$)",
            {"model": ".2.1.3.5.2.0", "firmware": ".2.1.4.2.0", "serial": ".2.1.3.3.3.0"}, anywhere=True),
    Product("5951", "load balancer", "Citrix", r"^NetScaler (?P<firmware>NS[\d.]+: Build [\w.]+?)(?:\.nc)?,",
            {"serial": ".4.1.1.14.0"}, anywhere=True,
            texts={".4.1.1.11.0": r"^(?P<model>NS\S*|.+)",  # behind the model stands what is plugged in
                   ".4.1.1.1.0": r"^(?:NetScaler )?(?P<firmware>.+?)(?:\.nc)?(?:,|$)"}),
    Product("3845.31.4", "load balancer", "Citrix", r"^Citrix (?P<model>Virtual WAN Appliance)",
            {"model": ".2.2.12.1.1", "serial": ".2.2.12.1.10", "firmware": ".2.2.12.1.12"}),
    Product("22610", "load balancer", "A10", r"\b(?P<model>(?:AX|TH|v)\w*), ACOS (?P<firmware>[\w.-]+)",
            {"firmware": ".2.4.1.1.1.0", "serial": ".2.4.1.6.2.0"}, anywhere=True, sign=", acos"),
    Product("12196", "load balancer", "Kemp", r"^(?:KEMP|LoadMaster)", anywhere=True),
    Product("54849", "load balancer", "Loadbalancer.org", r"^Linux \S+ \d[\w.]*-lb\d", anywhere=True),
    Product("23263", "load balancer", "HAProxy", r"^Linux \S+ \S+-alb[\w.]+",
            {"firmware": ".4.2.1.1.4", "model": ".4.2.1.5.1", "serial": ".4.2.1.5.3"}, anywhere=True, behind=(LINUX,)),
    Product("7564", "load balancer", "Array Networks",
            r"Array (?P<model>(?:A?PV|TMX?|AG) ?\w+).*?Rel\.\w+\.(?P<firmware>\d[\d.]+\d)", anywhere=True,
            sign="array"),
    Product("", "load balancer", "Brocade", r"^(?P<model>ServerIron\S*)"),
    Product("89.1.1.62", "load balancer", "Radware",
            r"^(?P<model>Alteon [\w -]+|LinkProof[\w -]*|AppDirector[\w -]*|DefensePro[\w -]*)", anywhere=True),
    Product("", "load balancer", "Nortel", r"^(?:Nortel|Alteon) (?P<model>Application Switch \w+)"),
    Product("", "load balancer", "Cisco", r"^(?:Cisco )?(?P<model>Application Control (?:Software|Engine))"),
    Product("", "load balancer", words=r"^(?P<model>Zevenet|ZEVENET|Skudonet|jetNEXUS|edgeNEXUS)"),
)  # fmt: skip
ASKS = PRODUCTS.asks
read = PRODUCTS.read
