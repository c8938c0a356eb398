"""Walking an errand as the people do, and following what was found until its finder says it is fixed."""
