"""MAPPA: people managed under the multi-agency public protection arrangements. Gated."""
