"""What is a person's own: the tokens that programs of his sign in with."""

from fastapi import APIRouter

router = APIRouter(prefix="/me", tags=["me"])
