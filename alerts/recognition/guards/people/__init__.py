"""Why a match may be somebody else's name. Pure.

first_names  it is somebody's first name, by what the text says of it
surnames     it is somebody else with this surname
persons      it is a part of somebody else's name
"""
