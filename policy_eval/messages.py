"""Words of the interface in the language of the reader, by gettext; English is what the code itself says.

Catalogues are `policy_eval/locale/LANGUAGE/LC_MESSAGES/policy_eval.mo`; there is none yet. Rules, designs and their
messages are texts of their own and are not translated here.
"""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path

DOMAIN = "policy_eval"
_CATALOGUE = _gettext.translation(DOMAIN, Path(__file__).parent / "locale", fallback=True)
gettext = _CATALOGUE.gettext
ngettext = _CATALOGUE.ngettext
