"""Every partner system of an invented council. The case management systems and the census write themselves."""

from loaders.council.partner import Partner

PARTNERS: tuple[Partner, ...] = ()
