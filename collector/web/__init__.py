"""Pages, API and metrics for people and Prometheus, as one ASGI application.

It changes who is signed in and what agents are asked for (`hands`), and nothing else.

application   all of it, as one
routes        the declared table of who may ask for what
perimeter     before anything: the host's name, sizes, the security headers
door          at each route: who is it, may they, is the form ours; answers in a thread
visit         what an answer is made from
pages/ api    the answers, one file each
hands         what is offered to people who may ask agents for something now
words parts decoded unseen    how things are said, pure
"""
