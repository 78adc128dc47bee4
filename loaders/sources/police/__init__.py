"""Police: safeguarding offences, notifications (PPN, MERLIN) and missing episodes. Gated."""
