"""Where devices hang: which switches are connected by which ports, and at which port every MAC is.

    one walk of each switch → tables.read → links.connect → Network

Pure: it knows neither store nor network nor clock, and what it cannot tell it calls unknown, with the reason. It does
not know what devices are called, or what becomes of the answer.
"""
