"""The pages, one file each: an answer reads what it shows and renders one template. Routes are declared above."""
